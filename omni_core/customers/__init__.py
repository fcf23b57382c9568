"""Who the shop's customers are: what they bought, what they are worth, who comes back."""
