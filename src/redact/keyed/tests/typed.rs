//! Command lines of programs that take a secret without a name beside it, and of those that don't.

use super::*;

#[test]
fn options_without_a_name() {
    check(&[
        "mysqldump -uroot -p'‹a=b›' db",
        "{\"m\":\"mysql -uroot -p\\\"‹geheim!›\\\" -h db\",\"n\":1}",
        "{\"m\":\"sshpass -p'‹a=b›' ssh h\",\"n\":1}",
        "{\"cmd\":\"[\\\"mysql\\\",\\\"-p‹geheim1›\\\",\\\"db\\\"]\",\"n\":1}",
        "{\"cmd\":\"[\\\"redis-cli\\\", \\\"-a\\\", \\\"‹geheim1›\\\", \\\"ping\\\"]\"}",
        "a0=\"sshpass\" a1=\"-p\" a2=\"‹geheim1›\" a3=\"ssh\"",
        "{\"m\":\"a0=\\\"curl\\\" a1=\\\"-u\\\" a2=\\\"bob:‹geheim1›\\\" a3=\\\"https://x\\\"\"}",
        "\u{1b}[31mmysql -p‹geheim1› db\u{1b}[0m",
        "ExecStart=/usr/bin/redis-cli -a ‹/geheim1› monitor",
        "* * * * * root mysqldump -p‹geheim1› x > /x.sql",
        "sudo: bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/mysql -p‹geheim1› db",
        "sh -c 'sshpass -p ‹geheim1› ssh -p 22 h'",
        "C:\\bin\\sqlcmd.exe -S h -U sa -P ‹geheim1›",
        "curl -su bob:‹geheim1› https://h",
        "curl -sSfkubob:‹geheim1› https://h",
        "curl -E c.pem:‹geheim1› https://h",
        "http -a bob:‹geheim1› https://h",
        "lftp -u bob,‹geheim1› h",
        "winexe -U bob%‹geheim1› //h cmd",
        "ldapsearch -x -b \"\" -s base -D cn=x -w ‹geheim1›",
        "ldappasswd -D cn=x -a ‹old1!› -s ‹new1!› -w ‹bind1!›",
        "snmpwalk -v3 -u x -A ‹geheim1› -X ‹geheim2› h",
        "sqlplus bob/‹geheim1›@h",
        "7z a -p‹geheim1› x.7z dir",
        "unrar x -p‹geheim1› x.rar",
        "unzip x.zip -P ‹geheim1›",
        "openssl enc -aes-256-cbc -k ‹geheim1› -in f",
        "openssl pkcs12 -in x -pass pass:‹geheim1›",
        "plink -ssh -pw ‹geheim1› root@h",
        "podman login -u bob -p \"‹geheim 1›\" h",
        "oc login -u bob -p ‹geheim1› https://h",
        "gitlab-runner register -n -r ‹geheim1› -u https://h",
        "xfreerdp /u:bob /p:‹geheim1› /v:h",
        "tool --auth bob:‹geheim1› --id 5",
        "skopeo copy --src-creds bob:‹geheim1› docker://a docker://b",
    ]);
}

/// Names of fewer than four letters end no command line before them, so each of these stands inside the first.
#[test]
fn many_commands_on_one_line() {
    check(&[
        "az login -u a -p ‹geheim1› oc login -u b -p ‹geheim2› cf login -u c -p ‹geheim3› mc alias set s3 https://h AKEY ‹geheim4› \
         oc login -p ‹geheim5› az login -p ‹geheim6›",
    ]);
}

#[test]
fn words_of_a_command() {
    check(&[
        "vault login ‹geheim1›",
        "vault login -method=userpass username=bob",
        "vault operator unseal ‹l/F0ixUB5DQRB7FNjr7luQ==›",
        "vault token lookup",
        "rabbitmqctl add_user bob ‹geheim1›",
        "htpasswd -nbB bob \"‹geheim1›\" > x",
        "htpasswd -c /etc/x bob",
        "mc alias set s3 https://h AKEY ‹geheim1›",
        "net user bob ‹geheim1› /add",
        "samba-tool user create bob ‹geheim1›",
        "wpa_passphrase ssid ‹geheim1›",
        "mysqladmin -u root password ‹geheim1›",
        "gitlab-ctl set-replication-password ‹geheim1›",
        "gitlab-ctl set-replication-password",
        "ansible-vault encrypt_string '‹geheim 1›' --name x",
    ]);
}

#[test]
fn what_is_written_into_a_program() {
    check(&[
        "kinit bob <<< ‹geheim1›",
        "chpasswd <<< \"root:‹geheim1›\"",
        "echo ‹geheim1› | sudo -S apt-get update",
        "(echo ‹geheim1›; echo ‹geheim1›) | smbpasswd -s -a bob",
        "echo \"‹geheim 1›\" | gh auth login --with-token",
        "restic -r x --password-command \"echo ‹geheim1›\"",
        "msmtp --passwordeval='echo ‹geheim1›'",
        "rsync --password-file=<(echo ‹geheim1›) a b",
        "restic --password-command \"cat /run/x\" snapshots",
        "rsync --password-file=/etc/x a b",
        "echo done | tee x",
    ]);
}

#[test]
fn options_that_mean_something_else() {
    check(&[
        "docker run -p 80:80 nginx",
        "docker build --secret id=npmrc,src=/x .",
        "psql -h db -p 5432 -U x",
        "mkdir -p /x/y && ssh -p 22 host",
        "tar -P -xf a.tar; rsync -avP a b",
        "mongod --port 27017 -p x",
        "gzip -P x; gunzip -p x",
        "curl -sS -f -o /dev/null https://h",
        "curl: (22) The requested URL returned error: 404",
        "Accept-Encoding: gzip, deflate",
        "HTTP -> HTTPS on port 80",
        "openssl s_client -connect h:443 -K",
        "openssl rsa -in a -passin file:/x -pass env:X",
        "gitlab-runner run -t 5",
        "mysql: [Warning] Using a password on the command line interface can be insecure.",
        "mysqldump: Got error: 1045",
        "--password-stdin requires a value",
        "ldap.example.com -w 5",
        "zip -P requires a password",
    ]);
}
