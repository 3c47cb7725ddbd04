"""Pages: functions of a Workbench."""
