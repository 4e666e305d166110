external_url 'https://gitlab.lab.example'
redis['password'] = 'kT7pWq2vLab9redisXz4'
gitlab_rails['redis_password'] = 'kT7pWq2vLab9redisXz4'
postgresql['shared_buffers'] = '64MB'
