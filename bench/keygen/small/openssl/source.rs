//! Holds a place: only the dependency is of use.
