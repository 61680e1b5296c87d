// Signal masks of the library's own threads.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace lite {

// While one lives, threads that are started do not get the signals that are for the program: its own threads
// handle those. What a thread causes itself stays, and so does what runtimes stop threads with, as they do
// with ours once a callback has run in one: collectors (Boehm's and Mono's take SIGPWR, SIGXCPU or real-time
// signals, .NET's a real-time signal) and profilers.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int s : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPIPE,
                        SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGIO, SIGWINCH, SIGXFSZ})
      sigaddset(&blocked, s);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace lite
