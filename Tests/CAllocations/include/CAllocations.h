#pragma once

/// How many blocks of heap memory this thread has taken so far.
unsigned long allocations_of_this_thread(void);
