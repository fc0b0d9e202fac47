"""Product models (产品型号): who makes them, what they are made of, how long they are covered without a contract."""
