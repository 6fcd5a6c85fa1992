#define _GNU_SOURCE
#include "CNCurses.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_modes;
static volatile sig_atomic_t has_saved_modes;
/* The terminal is ours: modes are changed, the alternate screen is shown. */
static volatile sig_atomic_t is_active;
/* ncurses may be inside a write. */
static volatile sig_atomic_t is_drawing;
static volatile sig_atomic_t end_signal;
static int signal_pipe[2] = {-1, -1};
static SCREEN *screen;
static char restore[512];
static size_t restore_length;
static char enter[128];
static size_t enter_length;
static bool handlers_installed;

/* Writes in small pieces and only what is taken at once, so that a terminal which reads nothing cannot hold us. */
static void write_patiently(const char *bytes, size_t count, int milliseconds) {
    while (count > 0) {
        struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
        int ready = poll(&out, 1, milliseconds);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0 || (out.revents & (POLLERR | POLLHUP | POLLNVAL))) return;
        ssize_t written = write(STDOUT_FILENO, bytes, count < 32 ? count : 32);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

/* Async-signal-safe. */
static void give_back(int milliseconds) {
    if (!is_active) return;
    is_active = 0;
    write_patiently(restore, restore_length, milliseconds);
    if (has_saved_modes) tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
}

static void on_crash(int number) {
    give_back(500);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
    raise(number);
}

static void on_signal(int number) {
    int saved = errno;
    if (number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT) {
        if (end_signal || is_drawing) {
            /* The loop cannot answer when the terminal reads nothing, or it did not answer the first time. */
            struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
            bool stalled = poll(&out, 1, 0) == 0;
            bool gone = (out.revents & (POLLERR | POLLHUP)) != 0;
            if (stalled || gone || end_signal) {
                alarm(3);
                give_back(1500);
                _exit(128 + number);
            }
        }
        end_signal = number;
    }
    unsigned char byte = (unsigned char)number;
    if (signal_pipe[1] >= 0) {
        ssize_t ignored = write(signal_pipe[1], &byte, 1);
        (void)ignored;
    }
    errno = saved;
}

static void install(int number, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static bool install_handlers(void) {
    if (handlers_installed) return true;
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    static char alternate[65536];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) install(ends[i], on_signal, SA_RESTART);
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        install(crashes[i], on_crash, SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    }
    signal(SIGPIPE, SIG_IGN);
    atexit(cn_close);
    handlers_installed = true;
    return true;
}

static void append(char *buffer, size_t *length, size_t size, const char *text) {
    if (!text || text == (const char *)-1) return;
    /* Delays in terminfo strings ("$<50>") mean nothing to us. */
    for (; *text && *length + 1 < size; text++) {
        if (text[0] == '$' && text[1] == '<') {
            while (*text && *text != '>') text++;
            if (!*text) return;
            continue;
        }
        buffer[(*length)++] = *text;
    }
}

static void prepare_sequences(bool mouse) {
    enter_length = restore_length = 0;
    bool is_xterm = tigetstr("kmous") != NULL && tigetstr("kmous") != (char *)-1;
    if (is_xterm) {
        append(enter, &enter_length, sizeof enter, "\033[?2004h");
        if (mouse) append(enter, &enter_length, sizeof enter, "\033[?1000h\033[?1002h\033[?1006h");
        if (mouse) append(restore, &restore_length, sizeof restore, "\033[?1006l\033[?1002l\033[?1000l");
        append(restore, &restore_length, sizeof restore, "\033[?2004l");
    }
    append(restore, &restore_length, sizeof restore, tigetstr("sgr0"));
    append(restore, &restore_length, sizeof restore, tigetstr("op"));
    append(restore, &restore_length, sizeof restore, tigetstr("cnorm"));
    append(restore, &restore_length, sizeof restore, tigetstr("rmkx"));
    append(restore, &restore_length, sizeof restore, tigetstr("rmcup"));
    append(restore, &restore_length, sizeof restore, "\r");
}

static void set_modes(void) {
    raw();
    noecho();
    nonl();
    curs_set(0);
}

int cn_open(const char *term, bool mouse) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CN_NOT_A_TERMINAL;
    if (!term || !*term) return CN_NO_TERM;
    if (!cn_has_entry(term)) return CN_UNKNOWN_TERM;
    if (!install_handlers()) return CN_FAILED;
    setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
    has_saved_modes = tcgetattr(STDIN_FILENO, &saved_modes) == 0;
    set_escdelay(25);
    screen = newterm(term, stdout, stdin);
    if (!screen) return CN_UNKNOWN_TERM;
    set_term(screen);
    is_active = 1;
    prepare_sequences(mouse);
    set_modes();
    intrflush(stdscr, FALSE);
    keypad(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    idlok(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    cn_raw(enter, enter_length);
    return CN_OK;
}

void cn_mouse(bool mouse) {
    static const char off[] = "\033[?1006l\033[?1002l\033[?1000l";
    prepare_sequences(mouse);
    /* Nothing to come back to: a terminal that knows none of this. */
    if (enter_length == 0) return;
    if (!mouse) cn_raw(off, sizeof off - 1);
    cn_raw(enter, enter_length);
}

void cn_close(void) {
    if (!is_active) return;
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    int ready = poll(&out, 1, 300);
    if (ready == 1 && !(out.revents & (POLLERR | POLLHUP)) && screen) {
        /* endwin leaves the cursor at the bottom; our own sequences then switch off what ncurses does not know. */
        is_drawing = 1;
        endwin();
        is_drawing = 0;
        fflush(stdout);
    }
    give_back(300);
}

static void take_back(void) {
    is_active = 1;
    is_drawing = 1;
    reset_prog_mode();
    clearok(curscr, TRUE);
    doupdate();
    set_modes();
    is_drawing = 0;
    cn_raw(enter, enter_length);
}

int cn_suspend(bool group) {
    cn_close();
    if (group) {
        signal(SIGTSTP, SIG_IGN);
        kill(0, SIGTSTP);
    }
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    install(SIGTSTP, on_signal, SA_RESTART);
    if (end_signal) return end_signal;
    take_back();
    return 0;
}

void cn_resume(void) { take_back(); }

bool cn_has_entry(const char *term) {
    int result = 0;
    TERMINAL *before = cur_term;
    bool found = setupterm(term, STDOUT_FILENO, &result) == OK;
    if (found && cur_term != before) {
        TERMINAL *mine = cur_term;
        set_curterm(before);
        del_curterm(mine);
    }
    return found;
}

int cn_colors(void) {
    int colors = tigetnum("colors");
    if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0) return 16777216;
    return colors < 0 ? 0 : colors;
}

const char *cn_key(const char *capability) {
    const char *text = tigetstr(capability);
    return text == (const char *)-1 ? NULL : text;
}

int cn_signal_pipe(void) { return signal_pipe[0]; }

bool cn_size(int *width, int *height) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return false;
    if (size.ws_col == 0 || size.ws_row == 0) {
        *width = COLS;
        *height = LINES;
        return true;
    }
    *width = size.ws_col;
    *height = size.ws_row;
    if (*width != COLS || *height != LINES) resizeterm(*height, *width);
    return true;
}

bool cn_writable(int milliseconds) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, milliseconds) == 1 && (out.revents & POLLOUT);
}

int cn_pair(int foreground, int background) {
    if (!has_colors() || (foreground < 0 && background < 0)) return 0;
    int pair = alloc_pair(foreground, background);
    return pair < 0 ? 0 : pair;
}

void cn_put(int row, int column, const wchar_t *text, unsigned attributes, int pair) {
    attr_t attr = 0;
    if (attributes & CN_BOLD) attr |= A_BOLD;
    if (attributes & CN_DIM) attr |= A_DIM;
    if (attributes & CN_UNDERLINE) attr |= A_UNDERLINE;
    if (attributes & CN_REVERSE) attr |= A_REVERSE;
    cchar_t cell;
    if (setcchar(&cell, text, attr, 0, &pair) != OK) return;
    mvadd_wch(row, column, &cell);
}

void cn_repaint(void) { clearok(curscr, TRUE); }

void cn_cursor(int row, int column, bool visible) {
    curs_set(visible ? 1 : 0);
    move(row, column);
}

void cn_flush(void) {
    is_drawing = 1;
    refresh();
    is_drawing = 0;
}

void cn_raw(const char *bytes, size_t count) {
    fflush(stdout);
    write_patiently(bytes, count, 200);
}
