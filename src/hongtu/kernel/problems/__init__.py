"""The spine: whatever somebody must see to, from report to result. See README.md."""
