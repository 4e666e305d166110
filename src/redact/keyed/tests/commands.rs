//! Command lines, SQL, Redis, mail protocols, logfmt.

use super::*;

#[test]
fn command_lines() {
    check(&[
        "app --password ‹x› --user y",
        "app --password=‹x› --user y",
        "app --password '‹a b›' y",
        "app --password=\"‹a b›\" y",
        "app -password ‹x› y",
        "app --password --user y",
        "app --password-file /x",
        "app --password-stdin",
        "app\0--password\0‹a b›\0--user\0y\0",
        "app\0--password=‹a b›\0y\0",
        "[\"app\",\"--password\",\"‹a b›\",\"y\"]",
        "['app', '--token', '‹x›', 'y']",
        "[\"app\",\"--password=‹a b›\",\"y\"]",
        "args:\n  - --password\n  - ‹x›\n  - --user\n",
        "mysql -u root -p‹x› db",
        "mysql -u root -p db",
        "mysqldump -uroot -p'‹a b›' db",
        "[\"mysql\",\"-p‹x›\",\"db\"]",
        "sshpass -p ‹x› ssh host",
        "sshpass -p‹x› ssh host",
        "redis-cli -h x -a ‹y› info",
        "redis-cli -a '‹y z›' info",
        "ldapsearch -x -D cn=a -w ‹b› -b dc=c",
        "curl -u root:‹x› https://h",
        "curl --user 'a:‹b c›' https://h",
        "curl -uroot:‹x› https://h",
        "curl -s https://h/x?private_token=‹y›",
        "docker login -u u -p ‹x› registry",
        "docker run -p 80:80 x",
        "openssl rsa -passin pass:‹x› -in k",
        "Usage: app [--password PASSWORD] [--token TOKEN]",
        "  --password <password>  the password",
        "Use --password to set it",
        "redis-cli AUTH ‹x›",
        "gitlab-runner register --registration-token ‹abc› --url x",
        "kubectl --token=‹abc› get pods",
        "1234 ?  Ss  0:00 postgres_exporter --password ‹x› --port 5",
    ]);
}

#[test]
fn sql() {
    check(&[
        "ALTER USER gitlab PASSWORD '‹a b›';",
        "ALTER ROLE \"x\" WITH ENCRYPTED PASSWORD '‹it›''‹s›' LOGIN",
        "statement: alter user x password '‹y›'",
        "CREATE USER x IDENTIFIED BY '‹y›'",
        "SET PASSWORD FOR x = PASSWORD('‹y›')",
        "UPDATE \"users\" SET \"encrypted_password\" = '‹$2a$›', \"a\" = 1",
        "WHERE \"users\".\"reset_password_token\" = '‹x›' LIMIT 1",
        "WHERE \"users\".\"encrypted_password\" = $1 LIMIT 1",
        "SELECT password FROM users",
        "SELECT \"users\".\"encrypted_password\", \"users\".\"id\" FROM \"users\"",
        "WHERE \"t\".\"token\" IN ('‹a›', '‹b›')",
        "WHERE a.token = b.token AND x = 1",
        "\"t\".\"token\" = \"u\".\"token\"",
        "WHERE \"t\".\"token\" IS NOT NULL",
        "INSERT INTO \"users\" (\"email\", \"encrypted_password\", \"n\") VALUES ('e', '‹p›', 5), ('f', '‹q›', 6)",
        "INSERT INTO a (b, c) VALUES ('d', 'e')",
        "password varchar(255), token text NOT NULL",
        "host=/x user=u password='‹a b›' dbname=d",
        "postgres: password=‹x› dbname=d",
        "encrypted_password | ‹$2a$10$x›",
    ]);
}

#[test]
fn redis_and_mail() {
    check(&[
        "1339518083.107412 [0 127.0.0.1:60866] \"AUTH\" \"‹x›\"",
        "1339518083.107412 [0 127.0.0.1:60866] \"auth\" \"user\" \"‹x y›\"",
        "1339518083.107412 [0 127.0.0.1:60866] \"CONFIG\" \"SET\" \"requirepass\" \"‹x›\"",
        "CONFIG SET requirepass ‹x›",
        "CONFIG SET masterauth \"‹x y›\"",
        "AUTH ‹x›",
        "AUTH user ‹x›",
        "ACL SETUSER bob on >‹pw› ~* +@all",
        "AUTH failed for user x",
        "AUTH PLAIN ‹AHVzZXIAcGFzcw==›",
        "AUTH LOGIN ‹dXNlcg==›",
        "AUTH LOGIN\r\n",
        "250-AUTH PLAIN LOGIN\r\n",
        "a1 LOGIN user ‹pass›\r\n",
        "C: PASS ‹x›\r\n",
        "WRONGPASS invalid username-password pair",
    ]);
}

#[test]
fn logfmt_and_prose() {
    check(&[
        "level=info password=‹hunter2› user=x",
        "level=info token=\"‹a b›\" user=x",
        "time=\"x\" msg=\"password=‹a› b\" user=x",
        "2024-06-07 12:00:00 password=‹a,b› user=x",
        "failed (password=‹abc›)",
        "password=‹abc›, user=x",
        "password=‹a›;user=x;host=y",
        "Server=a;Password=‹b›;Database=c",
        "AccountName=a;AccountKey=‹abc==›;EndpointSuffix=x",
        "-- password=‹abc›",
        "login with password: ‹hunter2› (user x)",
        "2024-06-07_12:00:00.12345 password: ‹a b›",
        "API key: ‹abc123›",
        "the private token: ‹abc123›",
    ]);
}
