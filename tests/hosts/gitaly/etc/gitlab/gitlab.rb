roles ['gitaly_role'] if false
gitlab_rails['auto_migrate'] = false
postgresql['enable'] = false
redis['enable'] = false
nginx['enable'] = false
puma['enable'] = false
sidekiq['enable'] = false
gitlab_workhorse['enable'] = false
gitaly['configuration'] = { listen_addr: '0.0.0.0:8075', auth: { token: '19Qw4KEKzaKB5t7VXPfXUyIo9MX0fwOx' }, logging: { dir: '/srv/gitaly-logs' } }
