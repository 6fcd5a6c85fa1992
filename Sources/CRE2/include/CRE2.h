#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An RE2 expression as Envoy compiles it (`RE2::Quiet`): Latin-1/UTF-8 as RE2's defaults have it.
typedef struct meshtop_re2 meshtop_re2;

/// NULL when the expression does not compile; then `error` (if not NULL) gets RE2's message, NUL-terminated, cut to `error_size`.
meshtop_re2 *meshtop_re2_new(const char *pattern, size_t length, char *error, size_t error_size);
void meshtop_re2_free(meshtop_re2 *expression);
/// Whether the whole text matches.
bool meshtop_re2_full_match(const meshtop_re2 *expression, const char *text, size_t length);
/// Whether a part of the text matches.
bool meshtop_re2_partial_match(const meshtop_re2 *expression, const char *text, size_t length);
/// Replaces every non-overlapping match (`RE2::GlobalReplace`). Returns the number of replacements, -1 for a bad rewrite; the
/// result is malloc'ed and for the caller to free; untouched where the count is 0 or less.
int meshtop_re2_global_replace(
    const meshtop_re2 *expression, const char *text, size_t length, const char *rewrite, size_t rewrite_length,
    char **result, size_t *result_length);
/// Frees the result of `meshtop_re2_global_replace`.
void meshtop_re2_release(char *result);
/// RE2's program size, which Envoy limits (100 by default in old versions, warn only now).
int meshtop_re2_program_size(const meshtop_re2 *expression);

#ifdef __cplusplus
}
#endif
