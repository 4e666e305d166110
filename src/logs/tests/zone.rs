//! The host's zone, from files.

use super::*;
use crate::host::zone;

const NOW: &str = "2026-03-02T00:00:00Z";
const BERLIN: &[u8] = include_bytes!("Europe-Berlin.tzif");

fn hours(zone: &TimeZone) -> i32 {
    zone.to_offset(at("2026-07-01T00:00:00Z")).seconds() / 3600
}

#[test]
fn localtime_may_be_a_file() {
    let host = Memory::new();
    host.put("/etc/localtime", BERLIN, NOW);
    assert_eq!(hours(&zone::of(&host)), 2);
}

#[test]
fn a_link_that_is_not_followed_still_names_the_zone() {
    for target in ["/usr/share/zoneinfo/Europe/Berlin", "../usr/share/zoneinfo/Europe/Berlin"] {
        let host = Memory::new();
        host.link("/etc/localtime", target);
        host.put("/usr/share/zoneinfo/Europe/Berlin", BERLIN, NOW);
        assert_eq!(hours(&zone::of(&host)), 2, "{target}");
    }
}

#[test]
fn etc_timezone_names_it_too_but_nothing_outside_the_zones() {
    let host = Memory::new();
    host.put("/usr/share/zoneinfo/Europe/Berlin", BERLIN, NOW);
    host.put("/secret", BERLIN, NOW);
    host.put("/etc/timezone", "Europe/Berlin\n", NOW);
    assert_eq!(hours(&zone::of(&host)), 2);
    for wrong in ["../../../secret", "/secret", "", "Etc/UTC"] {
        host.put("/etc/timezone", wrong, NOW);
        assert_eq!(hours(&zone::of(&host)), 0, "{wrong}");
    }
}

#[test]
fn without_a_zone_or_with_a_broken_one_it_is_utc() {
    let host = Memory::new();
    assert_eq!(hours(&zone::of(&host)), 0);
    host.put("/etc/localtime", &BERLIN[..100], NOW);
    assert_eq!(hours(&zone::of(&host)), 0);
}
