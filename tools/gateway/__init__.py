"""The Lambda handlers behind the gateway: warranties and customer profiles, over DynamoDB."""
