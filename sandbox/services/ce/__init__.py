# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost Explorer: anomalies, categories, tags; nothing costs anything here, so there is nothing to report."""
