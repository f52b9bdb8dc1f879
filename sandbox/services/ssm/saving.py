# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How moto's parameters are written to a file: they are a dict that cannot be made again as other dicts can."""

import copyreg

from moto.ssm.models import ParameterDict


def _reduced(parameters):
    whose = parameters.account_id, parameters.region_name
    return ParameterDict, whose, vars(parameters), None, iter(dict.items(parameters))


copyreg.pickle(ParameterDict, _reduced)
