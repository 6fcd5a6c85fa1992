#include <yaml.h>

/* What an event says of its scalar, each part read as libyaml wrote it, which `volatile` keeps the compiler to. Left alone it
   reads two parts of four bytes at once, and a load that spans two stores has to wait until both have left the processor's store
   buffer: longer than all else that is done for a scalar. */
static inline int yaml_event_scalar_is_plain(const yaml_event_t *event) {
    return *(const volatile int *)&event->data.scalar.plain_implicit;
}

static inline int yaml_event_scalar_is_quoted(const yaml_event_t *event) {
    return *(const volatile int *)&event->data.scalar.quoted_implicit;
}

static inline yaml_scalar_style_t yaml_event_scalar_style(const yaml_event_t *event) {
    return *(const volatile yaml_scalar_style_t *)&event->data.scalar.style;
}
