//! docs/findings.md says what the analyzers look for.

use std::{fs, path::Path};

#[test]
fn the_page_about_findings_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let page = glsos::analyze::page();
    if std::env::var_os("GLSOS_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/findings.md is out of date: GLSOS_BLESS=1 cargo test writes it anew");
}
