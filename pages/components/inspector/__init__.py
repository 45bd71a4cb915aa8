"""The blocks of the page that inspects a visitor's own model: where it comes from, its drawing, its findings."""
