"""What the model may call: tools over Aurora, the catalogue, the gateway, and across them."""
