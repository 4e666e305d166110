//! Space and inodes: of `df`, or of the native probe where there is no `df`.

use std::collections::BTreeMap;

use super::{
    super::{docs::Docs, place::Place},
    columns::{cells, percent},
};
use crate::units::parse_size;

/// One that holds data.
#[derive(Debug, Clone, PartialEq)]
pub struct FileSystem {
    /// Where it is mounted.
    pub mount: String,
    /// Its type.
    pub kind: String,
    /// Bytes, as far as the output tells.
    pub size: Option<u64>,
    /// Bytes that an ordinary user may still write.
    pub available: Option<u64>,
    /// How full it is.
    pub used: Option<f64>,
    /// How many of its inodes are used.
    pub inodes: Option<f64>,
    /// Where its space stands.
    pub place: Option<Place>,
    /// Where its inodes stand.
    pub inodes_place: Option<Place>,
}

/// Images that are full by their nature, and what holds no data.
const LEFT_OUT: &[&str] = &["squashfs", "iso9660", "erofs", "devtmpfs", "udf", "cgroup", "efivarfs"];

/// All of them, by mount.
pub(super) fn read(docs: &Docs) -> Vec<FileSystem> {
    let mut all = BTreeMap::new();
    df(docs, "df_hT", &mut all, |found, cells, place| {
        (found.size, found.available) = (parse_size(cells[2]).ok(), parse_size(cells[4]).ok());
        (found.used, found.place) = (percent(cells[5]), Some(place));
    });
    df(docs, "df_inodes", &mut all, |found, cells, place| {
        (found.inodes, found.inodes_place) = (percent(cells[5]), Some(place));
    });
    probe(docs, &mut all);
    all.into_values().filter(|found| !LEFT_OUT.contains(&found.kind.as_str())).collect()
}

fn entry<'a>(all: &'a mut BTreeMap<String, FileSystem>, mount: &str, kind: &str) -> &'a mut FileSystem {
    all.entry(mount.to_owned()).or_insert_with(|| FileSystem {
        mount: mount.to_owned(),
        kind: kind.to_owned(),
        size: None,
        available: None,
        used: None,
        inodes: None,
        place: None,
        inodes_place: None,
    })
}

/// `Filesystem Type Size Used Avail Use% Mounted on`.
fn df(
    docs: &Docs,
    name: &str,
    all: &mut BTreeMap<String, FileSystem>,
    fill: impl Fn(&mut FileSystem, &[&str], Place),
) {
    let Some(doc) = docs.get(name) else { return };
    for (number, line) in doc.lines().skip(1) {
        let cells: Vec<&str> = line.split_ascii_whitespace().collect();
        if cells.len() >= 7 {
            fill(entry(all, &cells[6..].join(" "), cells[1]), &cells, doc.place(number, line));
        }
    }
}

/// `MOUNTED ON  TYPE  SIZE  USED  AVAILABLE  USE%  INODES  IUSE%  SOURCE`, the first table of `disks/disks`.
fn probe(docs: &Docs, all: &mut BTreeMap<String, FileSystem>) {
    let Some(doc) = docs.get("disks/disks") else { return };
    let table = doc.lines().skip_while(|(_, line)| !line.starts_with("MOUNTED ON")).skip(1);
    for (number, line) in table.take_while(|(_, line)| !line.is_empty()) {
        let cells = cells(line);
        let [mount, kind, size, _, available, used, _, inodes, ..] = cells[..] else { continue };
        let found = entry(all, mount, kind);
        let place = doc.place(number, line);
        if found.used.is_none() {
            (found.size, found.available) = (parse_size(size).ok(), parse_size(available).ok());
            (found.used, found.place) = (percent(used), Some(place.clone()));
        }
        if found.inodes.is_none() {
            (found.inodes, found.inodes_place) = (percent(inodes), Some(place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    const DF: &str = "\
Filesystem     Type   Size  Used Avail Use% Mounted on
/dev/vda       ext4   252G   25G   67G  27% /
/dev/loop1     squashfs 64M 64M      0 100% /snap/core
//nas/a b      cifs   1.0T  1.0T   10G  99% /mnt/my files
";

    #[test]
    fn df_and_the_probe_tell_the_same() {
        let inodes = "Filesystem Type Inodes IUsed IFree IUse% Mounted on\n/dev/vda ext4 16 1 15 97% /\n";
        let all = read(&docs(&[("df_hT", &DF.replace("//nas/a b", "//nas/ab")), ("df_inodes", inodes)]));
        let told: Vec<_> = all.iter().map(|f| (f.mount.as_str(), f.used, f.inodes)).collect();
        assert_eq!(told, [("/", Some(27.0), Some(97.0)), ("/mnt/my files", Some(99.0), None)]);
        assert_eq!(all[0].available, Some(67 << 30));
        let native = "\
# File systems (each once, however often it is mounted)
MOUNTED ON  TYPE       SIZE      USED  AVAILABLE  USE%    INODES  IUSE%  SOURCE
/           ext4  252.0 GiB  24.5 GiB   66.4 GiB  27.0  16777216    2.6  /dev/vda

# Block devices
";
        let all = read(&docs(&[("disks/disks", native)]));
        assert_eq!((all.len(), all[0].used, all[0].inodes), (1, Some(27.0), Some(2.6)));
        assert_eq!(all[0].place.as_ref().unwrap().line, 3);
    }
}
