//! /proc/self/mountinfo: what is mounted where.

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// Major and minor number, as `8:1`: bind mounts share it.
    pub(crate) device: String,
    /// The folder of the file system that is mounted; `/` unless it is a bind mount.
    pub(crate) root: String,
    /// Where.
    pub(crate) point: String,
    /// Options of this mount.
    pub(crate) options: String,
    /// Type.
    pub(crate) fs: String,
    /// Device, server or name.
    pub(crate) source: String,
    /// Options of the file system.
    pub(crate) super_options: String,
}

/// File systems that hold no files of anybody.
const PSEUDO: &[&str] = &[
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "efivarfs",
    "fuse.lxcfs",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "sysfs",
    "tracefs",
];

impl Mount {
    /// Whether it only shows the kernel's own state.
    pub(crate) fn is_pseudo(&self) -> bool {
        PSEUDO.contains(&self.fs.as_str())
    }
}

/// In the kernel's order. A line that is malformed is left out.
pub(crate) fn parse(text: &str) -> Vec<Mount> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Mount> {
    let (front, back) = line.split_once(" - ")?;
    let mut front = front.split(' ').skip(2);
    let mut back = back.split(' ');
    Some(Mount {
        device: front.next()?.to_owned(),
        root: unescape(front.next()?),
        point: unescape(front.next()?),
        options: front.next()?.to_owned(),
        fs: back.next()?.to_owned(),
        source: unescape(back.next().unwrap_or_default()),
        super_options: unescape(back.next().unwrap_or_default()),
    })
}

/// The kernel writes blanks, tabs, line ends and backslashes as three octal digits.
pub(crate) fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let octal = (byte == b'\\').then(|| text.get(i + 1..i + 4)).flatten();
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(value) => {
                plain.push(value);
                i += 4;
            }
            None => {
                plain.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_fields_and_escapes() {
        let mounts = parse(
            "36 35 98:0 /mnt1 /mnt\\040two rw,noatime master:1 shared:2 - ext4 /dev/sda1 rw,errors=continue\nbroken - x\n25 1 0:21 / /proc rw - proc proc rw\n",
        );
        assert_eq!(mounts.len(), 2);
        assert_eq!(mounts[0].point, "/mnt two");
        assert_eq!(mounts[0].device, "98:0");
        assert_eq!(mounts[0].super_options, "rw,errors=continue");
        assert!(mounts[1].is_pseudo());
    }

    #[test]
    fn a_backslash_at_the_end_stays() {
        assert_eq!(unescape("a\\"), "a\\");
        assert_eq!(unescape("a\\9"), "a\\9");
        assert_eq!(unescape("\\0ü"), "\\0ü");
        assert_eq!(unescape("\\777"), "\\777");
    }
}
