//! Empty: this package only pins the source of oneDNN.
