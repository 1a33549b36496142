"""Pages of figures and reports: a county at a glance, all figures, one opened, its records; reports and issues."""
