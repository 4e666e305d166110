//! The report's page: what is in it, and what a browser makes of it.

mod browser;
mod example;

use glsos::report::html::page;

/// All that a page could be broken with.
const HOSTILE: &str = "</title></style></td><script>alert(1)</script><img src=http://evil.invalid/x onerror=alert(2)>\
     \" onmouseover=\"alert(3)\" style='background:url(http://evil.invalid/y)' {{7*7}} &lt;b&gt; \u{1b}[2J\u{202e}\0\n]]>--><!--";

/// As long, and of no harm.
fn plain() -> String {
    "p".repeat(HOSTILE.chars().count())
}

/// All attributes that the page has.
const ATTRIBUTES: &[&str] = &[
    "aria-label",
    "class",
    "d",
    "height",
    "href",
    "id",
    "preserveAspectRatio",
    "rel",
    "role",
    "scope",
    "style",
    "title",
    "viewBox",
    "width",
    "x",
    "y",
];

/// A page's tags, each with its attributes; whoever can make one of a text has won.
fn tags(page: &str) -> Vec<&str> {
    let body = page.split_once("</style>").unwrap().1;
    body.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
}

#[test]
fn findings_come_first_the_worst_before_the_others() {
    let page = page(&example::one());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    let order = [
        "<h1>git.example.com</h1>",
        "2 critical",
        "/var/opt/gitlab is full to 97 %",
        "The certificate of git.example.com ends in 6 days",
        "id=\"who\"",
        "17.9.2-ee, Omnibus",
        "id=\"events\"",
        "id=\"requests\"",
    ];
    assert!(order.windows(2).all(|two| place(two[0]) < place(two[1])), "{:?}", order.map(place));
    for part in [
        "<code>gitlab-ctl hup nginx</code>",
        "df_hT:7",
        "1 more</summary>",
        "12 more rows",
        "and 112 more",
        "and 1204 older ones that are not told",
        "up to 15.4 GB",
        "class=\"pill good\"",
    ] {
        assert_eq!(page.contains(part), part != "class=\"pill good\"", "{part}");
    }
}

#[test]
fn a_healthy_host_says_so() {
    let page = page(&example::healthy());
    assert!(
        page.contains("nothing found") && page.contains("Nothing of what glsos looks for is wrong here.")
    );
}

#[test]
fn nodes_stand_side_by_side_and_share_a_scale() {
    let page = page(&example::three());
    assert!(
        page.contains("<h1>3 hosts: rails-1.example.com, rails-2.example.com, gitaly-1.example.com</h1>")
    );
    let versions = "<tr class=\"differs\"><th scope=\"row\">GitLab</th><td>17.9.2-ee, Omnibus</td>\
                    <td>17.9.1-ee, Omnibus</td><td>17.9.2-ee, Omnibus</td></tr>";
    assert!(page.contains(versions));
    assert_eq!(page.matches("Processor time <span>").count(), 3);
    assert_eq!(page.matches("id=\"requests\"").count(), 1);
    assert!(page.contains("Where the time goes · rails-2.example.com"));
    assert!(!page.contains("Where the time goes · gitaly-1.example.com"));
}

#[test]
fn no_text_of_a_host_becomes_markup() {
    let (plain, hostile) = (page(&example::hostile(&plain())), page(&example::hostile(HOSTILE)));
    let names = |page: &str| -> Vec<String> {
        tags(page).iter().map(|tag| tag.split([' ', '\n']).next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&hostile), names(&plain));
    for tag in tags(&hostile) {
        // In a tag a quote ends an attribute: an even number of them, and nothing unknown between.
        assert!(tag.matches('"').count() % 2 == 0, "{tag}");
        let bare: String = tag.split('"').step_by(2).collect();
        let known = |word: &str| match word.strip_suffix('=') {
            Some(name) => ATTRIBUTES.contains(&name),
            None => word.trim_matches('/').chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
        };
        assert!(bare.trim_end_matches('/').split(' ').all(known), "{tag}");
    }
    assert!(!hostile.contains("javascript:"), "a link to a script");
    assert!(!hostile.chars().any(|c| c.is_control() && c != '\n') && !hostile.contains('\u{202e}'));
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let page = page(&example::three());
    let policy = "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"";
    assert!(page.contains(policy));
    for part in ["<script", "<iframe", "<object", "<embed", "@import", "url(", " src=", "<form"] {
        assert!(!page.contains(part), "{part}");
    }
    let links: Vec<&str> =
        page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.iter().all(|link| link.starts_with('#')
        || *link == "data:,"
        || link.starts_with("https://docs.gitlab.com/")));
}

#[test]
fn every_number_that_is_drawn_is_finite() {
    for report in [example::one(), example::hostile("x")] {
        let page = page(&report);
        let drawn: Vec<&str> =
            page.split(" d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(drawn.len() > 10);
        for path in drawn {
            assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
        }
    }
}
