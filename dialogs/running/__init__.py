"""Running a survey or a call: its life in the coordinators' hands."""
