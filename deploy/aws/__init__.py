"""CloudFormation templates, one file a stack."""
