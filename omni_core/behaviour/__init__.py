"""What shoppers do: sentences and small reshapings over the results of the named queries."""
