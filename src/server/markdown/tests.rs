#[test]
fn empty() { println!("{}", super::render("# Hi *x*\n\n- [ ] a\n- [x] b\n\n| a | b |\n|--|:-:|\n| 1 | 2 |\n\n> [!NOTE]\n> hello[^1]\n\n[^1]: foot\n\n```rust\nfn main() {}\n```\n")); }
