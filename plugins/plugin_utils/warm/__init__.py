# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm process of the connection plugin groundwork.aws.warm.

client.py runs in Ansible's workers, server.py in the warm process, child.py in the process forked for one module
run. The server loads this package from its directory under the name `groundwork_warm`: only relative imports here.
"""
