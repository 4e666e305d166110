//! docs/policy.md says what a site's own policy may say.

use std::{fs, path::Path};

#[test]
fn the_page_about_the_policy_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md");
    let page = glsos::cli::policy::page();
    if std::env::var_os("GLSOS_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/policy.md is out of date: GLSOS_BLESS=1 cargo test writes it anew");
}
