"""Contracts (合同): signed, amended, extended and ended; what they promise is worked out when somebody asks."""
