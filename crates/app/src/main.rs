//! The program `rashomon`.

fn main() {}
