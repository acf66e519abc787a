"""A local HubSpot: the CRM API the assistant calls, as strict as the real one."""
