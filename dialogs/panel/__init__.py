"""The customer panel: its members and meetings, and the coordinators who look after both."""
