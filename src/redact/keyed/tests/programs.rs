//! More programs: those that ask by a word's place, take what is piped into them, or print what they made.

use super::*;
use crate::redact::keyed::programs::{argument_of, is_program, says};

#[test]
fn options_that_stand_together() {
    assert_eq!(argument_of(b"curl", b"-su", "-u"), Some(3));
    assert_eq!(argument_of(b"curl", b"-sua:b", "-u"), Some(3));
    assert_eq!(argument_of(b"curl", b"-ou", "-u"), None);
    assert_eq!(argument_of(b"mysql", b"-px", "-p"), Some(2));
    assert!(says(b"-nbB", "-b") && says(b"login", "login") && !says(b"--bind", "-b"));
}

#[test]
fn a_program_by_its_whole_name() {
    for name in ["mysqldump", "/usr/bin/curl", "mariadb-dump", "ldapsearch"] {
        assert!(is_program(name.as_bytes()), "{name}");
    }
    for name in ["ldap.example.com", "mongod", "curly", "7z", "Docker", "net", "swift", "/etc/htpasswd"] {
        assert!(!is_program(name.as_bytes()), "{name}");
    }
}

#[test]
fn options_and_words_of_more_programs() {
    check(&[
        "influx auth list --host http://h:8086 -t ‹aB3dE6gH9kL2==›",
        "influx setup -u bob -p ‹geheim1› -o org -b bucket -f",
        "influx write -b bucket -p ns f",
        "swift -A https://h/auth/v1.0 -U svc:bob -K ‹geheim1› list",
        "swift -A https://h/auth/v1.0 -U svc:bob --key=‹geheim1› list",
        "rclone copy /a :b2:web --b2-account abc --b2-key ‹geheim1› -v",
        "rclone copy /a az:web --azureblob-key=‹geheim1=›",
        "rclone obscure ‹geheim1›",
        "conan user -p ‹geheim1› -r artifactory bob",
        "conan remote login -p ‹geheim1› artifactory bob",
        "knife bootstrap 10.1.2.3 -U bob -P ‹geheim1› -N h --sudo",
        "pcs host auth h1 h2 -u hacluster -p ‹geheim1›",
        "pcs cluster auth h1 -u hacluster -p ‹geheim1› --force",
        "ctr images pull --user bob:‹geheim1› h/app:1.2",
        "ctr -n k8s.io i pull -u bob h/app:1.2",
        "nsupdate -y hmac-sha256:acme-key:‹aB3dE6gH9kL2=› /tmp/u",
        "dig @10.0.0.1 -y hmac-sha256:acme:‹aB3dE6gH9kL2=› axfr example.com",
        "dig @10.0.0.1 -p 53 -t mx example.com",
        "slappasswd -h {SSHA} -s ‹geheim1›",
        "mkpasswd -m sha-512 ‹geheim1›",
        "mkpasswd --method=sha-512 --stdin",
        "mkpasswd -m sha-512 -S ab12cd34 ‹geheim1›",
        "useradd -m -p $(openssl passwd -6 ‹geheim1›) bob",
        "useradd -m -p \"$(openssl passwd -6 -salt ‹ab› ‹geheim1›)\" bob",
        "useradd -p `mkpasswd ‹geheim1›` bob",
        "useradd -p $(cat /run/x) bob",
        "rootpw --plaintext ‹geheim1›",
        "rootpw --iscrypted ‹$6$ab$cd›",
        "rootpw --lock\nuser --name=bob",
        "sshpw --username=root --plaintext ‹geheim1›",
        "isql -v dsn bob ‹geheim1›",
        "isql -U sa -S server -D db",
        "consul agent -encrypt ‹aB3dE6gH9kL2==› -join 10.0.0.1",
        "nomad agent -server -encrypt=‹aB3dE6gH9kL2==›",
        "consul keyring -install ‹aB3dE6gH9kL2==›",
        "consul agent -config-dir /etc/consul -server",
        "sudo: bob : PWD=/root ; USER=root ; COMMAND=/usr/bin/htpasswd -b /etc/nginx/htpasswd mon ‹geheim1›",
        "COMMAND=/usr/bin/htpasswd -bB /etc/nginx/htpasswd mon ‹geheim1›",
        "radtest bob ‹geheim1› h 1812 ‹geheim2›",
        "radtest -t mschap bob ‹geheim1› h:1812 0 ‹geheim2›",
        "doveadm auth test bob@example.com '‹geh=eim1›'",
        "doveadm auth test -x service=imap bob ‹geheim1›",
        "doveadm pw -s SSHA512 -p ‹geheim1›",
        "doveadm auth cache flush bob",
        "doveadm mailbox list -u bob",
        "addauth digest bob:‹geheim1›",
        "crane auth login h.example.com -u bob -p ‹geheim1›",
        "mmctl auth login https://h.example.com",
        "crane auth login https://h.example.com --name x",
        "mmctl auth login https://h.example.com --name prod --username bob --password ‹geheim1›",
        "argocd login h.example.com --username admin --password ‹geheim1›",
    ]);
}

#[test]
fn windows_and_macos() {
    check(&[
        "net use Z: \\\\h\\backup ‹geheim1› /user:bob /persistent:yes",
        "net use Z: \\\\h\\backup /user:bob ‹geheim1›",
        "net use \\\\h\\backup * /user:bob",
        "net use Z: \\\\redis-a.example.org\\nas ‹geheim1› /user:bob",
        "net use Z: /delete",
        "ConvertTo-SecureString \"‹Cfyk3P=F5ZYXt›\" -AsPlainText -Force",
        "$c = ConvertTo-SecureString \"‹geheim1›\" -AsPlainText -Force",
        "ConvertTo-SecureString -String '‹geheim 1›' -AsPlainText -Force",
        "ConvertTo-SecureString -AsPlainText ‹geheim1› -Force",
        "ConvertTo-SecureString $env:PW -AsPlainText -Force",
        "ConvertTo-SecureString (Get-Content f) -Force",
        "security unlock-keychain -p \"‹geheim1›\" login.keychain",
        "security import c.p12 -k build.keychain -P ‹geheim1› -T /usr/bin/codesign",
        "security set-key-partition-list -S apple-tool:,apple: -s -k ‹geheim1› build.keychain",
        "security add-generic-password -a bob -s svc -w ‹geheim1›",
        "security find-identity -v -p codesigning",
        "security list-keychains -d user -s login.keychain",
    ]);
}

#[test]
fn plugins_of_nagios() {
    check(&[
        "define service { check_command check_mysql!-u bob!-p ‹geheim1› }",
        "check_command check_http!-S!-a bob:‹geheim1›!-w 5",
        "check_command check_ping!100.0,20%!500.0,60%",
        "check_command check_mysql!bob!3306",
        "/usr/lib/nagios/plugins/check_http -H h -S -u /-/readiness -a bob:‹geheim1›",
        "check_pgsql -H h -d gitlab -l bob -p ‹geheim1›",
        "check_snmp -H h -C ‹geheim1› -o 1.3.6",
        "check_ldap -H h -b dc=x -D cn=bob -P ‹geheim1›",
        "check_tcp -H h -p 8080",
        "check_http -H h -p 8080 -u /-/health",
        "NRPE: check_nrpe -H h -c check_load -a 5,4,3",
    ]);
}

#[test]
fn what_more_programs_read() {
    check(&[
        "echo '‹geheim1›' | realm join -U bob example.com",
        "echo '‹geheim1›' | zfs load-key tank/backup",
        "zfs load-key -a && echo done",
        "echo ‹geheim1› | ipa user-mod bob --password",
        "ipa user-mod bob --password",
        "echo -n ‹geheim1› | kubeseal --raw --name db",
        "kubeseal --format yaml < in.yaml > out.yaml",
        "gitlab-rake \"gitlab:password:reset[bob]\" <<< $'‹geheim1\\ngeheim1\\n›'",
        "gitlab-rake \"gitlab:password:reset[bob]\"",
        "printf '‹geheim1›' | docker secret create db -",
        "docker secret create db ./file",
        "echo ‹geheim1› | openssl passwd -6 -stdin",
        "echo ‹geheim1› | htpasswd -i /etc/x bob",
        "echo abc:‹geheim1› > /etc/passwd-s3fs && chmod 600 /etc/passwd-s3fs",
        "echo \"abc:‹geheim1›\" >> ${HOME}/.passwd-s3fs",
        "echo h:5432:db:bob:‹geheim1› > ~/.pgpass",
        "chmod 600 /etc/passwd-s3fs; ls > x",
    ]);
}

#[test]
fn what_a_script_types_and_a_program_prints() {
    check(&[
        "spawn ssh h\nexpect \"password:\"\nsend \"‹geheim1›\\r\"",
        "expect {\n  \"*?assword:*\" { send -- \"‹geheim1›\\r\" }\n}",
        "expect \"password:\"\nsend \"$pw\\r\"",
        "expect \"password:\"\nsend \"‹geheim1›\\r\"\nexpect \"$ \"\nsend \"exit\\r\"",
        "expect \"login:\"\nsend \"bob\\r\"",
        "Password reset: could not send \"welcome\" mail",
        "$ argocd admin initial-password -n argocd\n‹E4LNaS67C37GMrVE›\n\n This password",
        "$ argocd admin initial-password -n argocd\nFATA[0000] secrets not found",
        "$ openssl rand -base64 24\n‹aB3dE6gH9kL2+xYz/7qW›",
        "openssl rand -hex 16 > /x\nsystemctl restart x",
    ]);
}
