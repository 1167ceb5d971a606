"""Rules of the journeys of copies, and of the marks by which they are found."""
