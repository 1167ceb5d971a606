"""How well a real catalogue is searched, however a title is typed."""
