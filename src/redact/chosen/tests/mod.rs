//! Pseudonyms in whole texts.

mod addresses;
mod borders;
mod names;
mod own;
mod projects;

use super::{Hidden, Key, Kind, Originals, Own};
use crate::{
    host::memory::Memory,
    redact::{KnownSecret, Redactor},
};

pub(super) fn key() -> Key {
    Key::of_hex(&"3c".repeat(32)).unwrap()
}

/// All kinds, with a key that is the same in every test.
pub(super) fn hidden() -> Hidden {
    Hidden::new(Kind::all(), key(), Own::default())
}

pub(super) fn redactor_of(hidden: &Hidden) -> Redactor {
    Redactor::new(vec![KnownSecret::new("Tr0ub4dor-Tr0ub4dor-3", Some("db_password"), "/x")])
        .unwrap()
        .hiding(hidden.clone())
}

pub(super) fn redacted(text: &str) -> String {
    text_of(&redactor_of(&hidden()), text)
}

pub(super) fn text_of(redactor: &Redactor, text: &str) -> String {
    String::from_utf8(redactor.text(text.as_bytes()).as_bytes().to_vec()).unwrap()
}

/// What the host `gl-prod-1.acme.lan` told, on which Ana lives.
pub(super) fn of_host() -> Hidden {
    Hidden::new(Kind::all(), key(), own_of_host())
}

pub(super) fn own_of_host() -> Own {
    let host = Memory::default()
        .file("/etc/hostname", "gl-prod-1\n")
        .file("/etc/hosts", "127.0.0.1 localhost\n10.20.4.3 gl-prod-1.acme.lan gl-prod-1 gitlab\n10.20.4.7 gitaly-02 # a node\n")
        .file("/etc/resolv.conf", "nameserver 10.20.0.2\nsearch acme.lan corp.acme.de\n")
        .file("/etc/gitlab/gitlab.rb", "external_url 'https://code.acme.com'\ngitlab_rails['redis_host'] = 'cache7'\ngitlab_rails['ldap_servers'] = YAML.load <<-'E'\n")
        .file("/etc/passwd", "root:x:0:0::/root:/bin/sh\ngit:x:998:998::/x:/bin/sh\nana:x:1000:1000::/home/ana:/bin/sh\njonas.weber:x:1001:1001::/:/bin/sh\ndeploy:x:1002:1::/:/\nnobody:x:65534:1::/:/\n")
        .file("/proc/net/fib_trie", "Local:\n  |-- 15.3.2.0\n     /32 host LOCAL\n  |-- 15.3.2.1\n     /32 host UNICAST\n");
    Own::learn(&host, "gl-prod-1")
}

/// What stands for an address alone.
pub(super) fn of(value: &str) -> String {
    redacted(value)
}
