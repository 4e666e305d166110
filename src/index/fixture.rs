//! Archives of a test's own files, as facts.

use std::{fs::File, io::Write as _, os::fd::OwnedFd, path::Path};

use nix::sys::memfd::{MFdFlags, memfd_create};

use super::{Facts, index_file};

/// The facts of an archive of these files.
pub(crate) fn facts<N: AsRef<str>>(files: &[(N, String)]) -> Facts {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(1_772_366_400);
        builder.append_data(&mut header, format!("gitlabsos.x/{}", name.as_ref()), text.as_bytes()).unwrap();
    }
    let file: OwnedFd = memfd_create("bundle", MFdFlags::empty()).unwrap();
    let mut file = File::from(file);
    file.write_all(&builder.into_inner().unwrap()).unwrap();
    index_file(file, Path::new("x.tar")).unwrap()
}
