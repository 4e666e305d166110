## GitLab URL
external_url 'https://gitlab.example.com'
roles ['application_role']

gitlab_rails['time_zone'] = 'Europe/Berlin'
gitlab_rails['db_host'] = '/var/opt/gitlab/postgresql'
gitlab_rails['db_username'] = "gitlab"
gitlab_rails['db_password'] = 'Uh/4+x#SpznletBpNZWmq'
gitlab_rails['redis_host'] = '10.20.4.6'
gitlab_rails['redis_password'] = "gz0y1hQh&=1zhGZfxOxW%"
gitlab_rails['initial_root_password'] = File.read('/etc/gitlab/initial_root_password')
gitlab_rails['display_initial_root_password'] = false
gitlab_rails['store_initial_root_password'] = true
gitlab_rails['expiring_tokens_cron'] = '0 1 * * *' # not a secret, though it is called so
gitlab_rails['env'] = {
  'http_proxy' => 'http://proxyuser:3yUmD7aCWmTPaxk@proxy.example.com:3128',
  "MALLOC_CONF" => "dirty_decay_ms:1000,muzzy_decay_ms:1000"
}

gitlab_rails['smtp_enable'] = true
gitlab_rails['smtp_address'] = 'smtp.example.com'
gitlab_rails['smtp_user_name'] = 'gitlab@example.com'
gitlab_rails['smtp_password'] =
  %q(IEsXWtCz9R 0hgB6NvCQ)

gitlab_rails['ldap_enabled'] = true
gitlab_rails['ldap_servers'] = YAML.load <<-'EOS'
  main:
    label: 'LDAP'
    host: 'ldap.example.com'
    port: 636
    uid: 'sAMAccountName'
    bind_dn: 'CN=gitlab,OU=service,DC=example,DC=com'
    password: 'Pa$$QYc8Py7LH6vY'
    encryption: 'simple_tls'
EOS
# gitlab_rails['ldap_password'] = 'XpyK8ptlgigshzC7g'

gitlab_rails['omniauth_providers'] = [
  {
    name: "openid_connect",
    label: "Company login",
    args: {
      scope: ["openid", "profile"],
      client_options: { identifier: "gitlab-prod", secret: "NltME50rT5EmFRqOpIaGBoj6WtFVUu8L1KBUiJFY" }
    }
  }
]

gitlab_rails['object_store']['enabled'] = true
gitlab_rails['object_store']['connection'] = {
  'provider' => 'AWS',
  'region' => 'eu-central-1',
  'aws_access_key_id' => ENV['OBJECT_STORE_KEY_ID'],
  'aws_secret_access_key' => 'ZMw0kt+ZarkAK7la4Jo4EscALrEiCdVPtXeMrL+C'
}
gitlab_rails['backup_upload_connection'] = { :provider => 'AzureRM', :azure_storage_account_name => 'gitlabbackups', :azure_storage_access_key => 'OVUyR2tQY0laVG9xcWVnckpFRWxGR0hxVVB0aWU4Uk52ZlVWY2prTWRId3hacHNw' }

puma['worker_processes'] = 3
puma['per_worker_max_memory_mb'] = 1200
sidekiq['concurrency'] = 20
postgresql['sql_user_password'] = '8193b99cbefd710a1057a2622a3335c8'
postgresql['sql_replication_password'] = "apn1dCnVwMpGvxMb3lafYY"
postgresql['max_connections'] = 200
redis['password'] = "gz0y1hQh&=1zhGZfxOxW%"
redis_exporter['env'] = { 'REDIS_PASSWORD' => 'nfIVAWYlaYbCu2vfKA8gX' }
gitaly['configuration'] = {
  auth: { token: 'nUe4ILsm7JqhHJf6YrVXRNGricEDQP' },
  storage: [{ name: 'default', path: '/var/opt/gitlab/git-data/repositories' }],
  logging: { level: 'info', format: 'json' },
}
praefect['configuration'] = { auth: { token: 'OAOod7OHHEURhwfIqp6dePbik7m62x' } }
consul['encryption_key'] = 'a29QOW41UHZTR2NmVFFhTW5BUEhxejcyeU1rYm9xcFU='
grafana['admin_password'] = 'dOxhmj0EXxTLAQo1PU'
mattermost['file_public_link_salt'] = 'b0b5cf5a47563abd93d53e3dab07df24'
alertmanager['receivers'] = [{ 'name' => 'ops', 'webhook_configs' => [{ 'url' => 'https://alerts.example.net/hook?token=9HV3ZWwfogCjhQ7pMiCyCVPUkthjz0ja9' }] }]
gitlab_rails['gitlab_shell_ssh_port'] = 22
gitlab_rails['initial_shared_runners_registration_token'] = 'KWKjYNRRUDnDnLzwJb3pGLDn'
letsencrypt['enable'] = false
nginx['ssl_certificate_key'] = "/etc/gitlab/ssl/gitlab.example.com.key"
nginx['hide_server_tokens'] = 'on'
logging['svlogd_size'] = 200 * 1024 * 1024
