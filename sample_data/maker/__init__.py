"""The parts that make the sample shop: goods, calendar, shoppers, behaviour, texts, exports."""
