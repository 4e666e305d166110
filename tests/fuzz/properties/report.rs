//! Any texts as the files of an archive: the report of it is the same every time, fits its own tables, and
//! nothing panics.

use std::{fs::File, io::Write, path::Path};

use glsos::{
    index::{Facts, index_file},
    report::{Report, diff, report},
};
use nix::sys::memfd::{MFdFlags, memfd_create};

use super::chance::Chance;

/// Lines that begin with this begin a file; its name is the rest.
const FILE: &[u8] = b"==> ";

/// Reports on the texts, twice.
pub(crate) fn check(bytes: &[u8]) {
    let archive = archive(bytes);
    let (facts, again) = (facts(&archive), facts(&archive));
    let told = report(std::slice::from_ref(&facts));
    holds(&told);
    assert_eq!(serde_json::to_string(&told).unwrap(), {
        let told = report(std::slice::from_ref(&again));
        serde_json::to_string(&told).unwrap()
    });
    let same = diff(&facts, &again);
    assert!(same.changes.is_empty() && same.configuration.is_empty() && same.new_findings.is_empty());
    holds(&report(&[facts, again]));
}

/// The same of the texts with parts of them overwritten, doubled and left out.
pub(crate) fn check_damaged(bytes: &[u8]) {
    let mut chance = Chance::of(bytes);
    for _ in 0..60 {
        check(&chance.damaged(bytes));
    }
}

fn holds(told: &Report) {
    for node in &told.nodes {
        for section in &node.sections {
            for table in &section.tables {
                assert!(table.key >= 1 && table.rows.iter().all(|row| row.len() == table.columns.len()));
            }
            for chart in &section.charts {
                let steps = chart.series[0].values.len();
                assert!(chart.step > 0 && steps > 0);
                assert!(chart.series.iter().all(|series| series.values.len() == steps));
            }
        }
    }
    for told in &told.findings {
        assert!(!told.finding.title.is_empty() && !told.finding.evidence.is_empty(), "{told:?}");
    }
}

fn facts(archive: &[u8]) -> Facts {
    let mut file = File::from(memfd_create("archive", MFdFlags::MFD_CLOEXEC).unwrap());
    file.write_all(archive).unwrap();
    index_file(file, Path::new("/x.tar")).unwrap()
}

/// A tar archive of the files.
fn archive(bytes: &[u8]) -> Vec<u8> {
    let mut files: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(FILE), files.last_mut()) {
            (Some(name), _) => files.push((name.trim_ascii().to_vec(), Vec::new())),
            (None, Some((_, content))) => content.extend_from_slice(line),
            (None, None) => {}
        }
    }
    let mut archive = Vec::new();
    for (name, content) in &files {
        archive.extend(header(name, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A tar header of `x/NAME`.
pub(super) fn header(name: &[u8], size: usize) -> [u8; 512] {
    let mut block = [0; 512];
    let name = [b"x/".as_slice(), &name[..name.len().min(90)]].concat();
    block[..name.len()].copy_from_slice(&name);
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"15150663000\0");
    block[156] = b'0';
    sum(&mut block);
    block
}

/// The checksum of a tar header.
pub(super) fn sum(block: &mut [u8; 512]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}
