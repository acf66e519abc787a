"""Where a value came from, as HubSpot's property history names it."""

API = "INTEGRATION"
PERSON = "CRM_UI"
IMPORT = "IMPORT"
