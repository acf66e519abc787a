"""A local Slack workspace: Web API, Socket Mode, Block Kit rules, and the people who act in it."""
