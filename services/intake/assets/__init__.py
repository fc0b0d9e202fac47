"""Assets (设备, 装机): what customers own, part by part, and what its warranty says on any day."""
