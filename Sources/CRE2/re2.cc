#include "CRE2.h"

#include <re2/re2.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

struct meshtop_re2 {
    explicit meshtop_re2(const re2::StringPiece &pattern) : expression(pattern, RE2::Quiet) {}
    RE2 expression;
};

extern "C" {

meshtop_re2 *meshtop_re2_new(const char *pattern, size_t length, char *error, size_t error_size) {
    auto made = std::make_unique<meshtop_re2>(re2::StringPiece(pattern, length));
    if (made->expression.ok()) return made.release();
    if (error != nullptr && error_size > 0) {
        const std::string &message = made->expression.error();
        const size_t count = message.size() < error_size - 1 ? message.size() : error_size - 1;
        std::memcpy(error, message.data(), count);
        error[count] = 0;
    }
    return nullptr;
}

void meshtop_re2_free(meshtop_re2 *expression) { delete expression; }

bool meshtop_re2_full_match(const meshtop_re2 *expression, const char *text, size_t length) {
    return RE2::FullMatch(re2::StringPiece(text, length), expression->expression);
}

bool meshtop_re2_partial_match(const meshtop_re2 *expression, const char *text, size_t length) {
    return RE2::PartialMatch(re2::StringPiece(text, length), expression->expression);
}

int meshtop_re2_global_replace(
    const meshtop_re2 *expression, const char *text, size_t length, const char *rewrite, size_t rewrite_length,
    char **result, size_t *result_length) {
    const re2::StringPiece to(rewrite, rewrite_length);
    std::string error;
    if (!expression->expression.CheckRewriteString(to, &error)) return -1;
    std::string subject(text, length);
    const int count = RE2::GlobalReplace(&subject, expression->expression, to);
    if (count <= 0) return count;
    char *copy = static_cast<char *>(std::malloc(subject.size() + 1));
    if (copy == nullptr) return -1;
    std::memcpy(copy, subject.data(), subject.size());
    copy[subject.size()] = 0;
    *result = copy;
    *result_length = subject.size();
    return count;
}

void meshtop_re2_release(char *result) { std::free(result); }

int meshtop_re2_program_size(const meshtop_re2 *expression) { return expression->expression.ProgramSize(); }

}  // extern "C"
