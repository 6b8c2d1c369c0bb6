//! A synthetic population and its message stream, from one seed. Never reads a clock.
