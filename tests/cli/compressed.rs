//! Secrets inside compressed logs: what is packed in a `.gz` or a `.s` comes out as the same lines would unpacked.

use std::{fs::File, io::Write as _, process::Stdio};

use flate2::{Compression, write::GzEncoder};

use super::program::{Place, finish};
use crate::redaction::{known_lines, seeds};

#[test]
fn what_is_in_a_compressed_log_is_redacted_as_in_a_plain_one() {
    for seed in seeds() {
        let made = known_lines(seed, "compressed");
        let folder = made.root().join("var/log/gitlab/gitlab-rails");
        std::fs::create_dir_all(&folder).unwrap();
        let names = ["production_json.log", "production_json.log.1.gz", "@4000000069a3818a00000000.s"];
        std::fs::write(folder.join(names[0]), &made.text).unwrap();
        for name in &names[1..] {
            // Two members, as an appending packer leaves them.
            let (one, two) = made.text.split_at(made.text.len() / 3);
            let mut file = File::create(folder.join(name)).unwrap();
            for part in [one, two] {
                let mut member = GzEncoder::new(&mut file, Compression::fast());
                member.write_all(part).unwrap();
                member.finish().unwrap();
            }
        }
        let place = Place::new();
        let window = "--since 1990-01-01T00:00:00Z --until 2100-01-01T00:00:00Z";
        let mut command =
            place.command(&format!("collect --only gitlab-logs {window} -o b.tar.gz --sysroot"));
        command.arg(made.root()).stdout(Stdio::null());
        finish(command).good();
        let bundle = place.bundle("b.tar.gz");
        let content = |name: &str| {
            let path = format!("/var/log/gitlab/gitlab-rails/{name}");
            let entry = bundle.entry_of(&path);
            assert_eq!(entry["outcome"], "complete", "{entry}");
            &bundle.files[entry["name"].as_str().unwrap()]
        };
        let plain = content(names[0]);
        assert!(memchr::memmem::find(plain, b"__REDACTED.").is_some());
        let left = made.left_in(&bundle.tar);
        assert!(left.is_empty(), "with GLSOS_CORPUS_SEED={seed} these are left: {left:?}");
        for name in &names[1..] {
            assert!(content(name) == plain, "{name} differs with GLSOS_CORPUS_SEED={seed}");
        }
    }
}
