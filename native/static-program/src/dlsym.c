/* Finds nothing, as musl's would in a static program. It has two names since seconds have 64 bits. */
void *dlsym(void *handle, const char *name) {
  (void)handle;
  (void)name;
  return 0;
}

void *__dlsym_time64(void *handle, const char *name) {
  return dlsym(handle, name);
}
