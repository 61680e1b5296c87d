// A library to preload that makes a processor with AVX-512 look like one with AVX2 to whatever runs in the
// process:
//
//   cc -O2 -shared -fPIC -o avx2.so avx2.c -ldl
//   GLIBC_TUNABLES=glibc.cpu.hwcaps=... LD_PRELOAD=avx2.so program    (`bench/compare --isa avx2` does it,
//   and looks whether it worked)
//
// Where the kernel can make CPUID fault (`cpuid_fault` among the flags of /proc/cpuinfo), the instruction
// raises a signal, whose handler executes it, takes out what came with AVX-512 and later, and goes on behind
// it. Threads and forked children inherit this; a program that is executed gets it from its own copy of this
// library. The C library chose its functions before: GLIBC_TUNABLES is for them. XGETBV still tells that the
// wide registers would be saved; nothing uses them without having asked CPUID too.

#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { kSetCpuid = 0x1012 };  // ARCH_SET_CPUID of asm/prctl.h

typedef int (*Sigaction)(int, const struct sigaction*, struct sigaction*);
typedef int (*Sigmask)(int, const sigset_t*, sigset_t*);
static Sigaction real_sigaction;
static Sigmask real_sigprocmask, real_pthread_sigmask;
static struct sigaction others;  // what the program set for SIGSEGV

static int cpuid_works(long on) { return syscall(SYS_arch_prctl, kSetCpuid, on) == 0; }

#define BIT(n) (1u << (n))

// What a processor of 2020 with AVX2 (Zen 3) does not tell.
static void narrow(uint32_t leaf, uint32_t subleaf, uint32_t r[4]) {
  uint32_t *a = &r[0], *b = &r[1], *c = &r[2], *d = &r[3];
  if (leaf == 7 && subleaf == 0) {
    *b &= ~(BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) |
            BIT(31));                                                 // AVX-512 F DQ IFMA PF ER CD BW VL
    *c &= ~(BIT(1) | BIT(6) | BIT(8) | BIT(11) | BIT(12) | BIT(14));  // VBMI VBMI2 GFNI VNNI BITALG VPOPCNTDQ
    *d &= ~(BIT(2) | BIT(3) | BIT(8) | BIT(22) | BIT(23) | BIT(24) |
            BIT(25));  // 4VNNIW 4FMAPS VP2INTERSECT AMX, AVX-512 FP16
  } else if (leaf == 7) {
    *a = *b = *c = *d = 0;  // AVX-VNNI, BF16, AVX-IFMA, AVX10 and later
  } else if (leaf == 0xd && subleaf == 0) {
    *a &= ~(BIT(5) | BIT(6) | BIT(7) | BIT(17) |
            BIT(18));  // the registers of AVX-512 and AMX; the size may stay too large
  } else if ((leaf == 0xd && ((subleaf >= 5 && subleaf <= 7) || subleaf == 17 || subleaf == 18)) ||
             leaf == 0x1d || leaf == 0x1e || leaf == 0x24) {
    *a = *b = *c = *d = 0;  // their places; AMX's tiles; AVX10
  }
}

static void on_fault(int sig, siginfo_t* info, void* context) {
  greg_t* g = ((ucontext_t*)context)->uc_mcontext.gregs;
  const unsigned char* code = (const unsigned char*)g[REG_RIP];
  // CPUID faults as privileged instructions do; with an address that cannot be read the code is another.
  if (info->si_code == SI_KERNEL && code[0] == 0x0f && code[1] == 0xa2) {
    const uint32_t leaf = (uint32_t)g[REG_RAX], subleaf = (uint32_t)g[REG_RCX];
    uint32_t r[4];
    cpuid_works(1);
    __cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
    cpuid_works(0);
    narrow(leaf, subleaf, r);
    g[REG_RAX] = r[0];
    g[REG_RBX] = r[1];
    g[REG_RCX] = r[2];
    g[REG_RDX] = r[3];
    g[REG_RIP] += 2;
    return;
  }
  if (others.sa_flags & SA_SIGINFO) {
    others.sa_sigaction(sig, info, context);
  } else if (others.sa_handler != SIG_DFL && others.sa_handler != SIG_IGN) {
    others.sa_handler(sig);
  } else {
    real_sigaction(sig, &others, NULL);  // back at the instruction, it ends the program as it would have
  }
}

// The handler stays where it is, and is never blocked, whatever the program and its libraries ask for.
int sigaction(int sig, const struct sigaction* wanted, struct sigaction* old) {
  if (sig != SIGSEGV) return real_sigaction(sig, wanted, old);
  if (old != NULL) *old = others;
  if (wanted != NULL) others = *wanted;
  return 0;
}

sighandler_t signal(int sig, sighandler_t handler) {
  struct sigaction wanted = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  return sigaction(sig, &wanted, &old) == 0 ? old.sa_handler : SIG_ERR;
}

static int without_segv(Sigmask set, int how, const sigset_t* wanted, sigset_t* old) {
  if (wanted == NULL || how == SIG_UNBLOCK) return set(how, wanted, old);
  sigset_t kept = *wanted;
  sigdelset(&kept, SIGSEGV);
  return set(how, &kept, old);
}
int sigprocmask(int how, const sigset_t* wanted, sigset_t* old) {
  return without_segv(real_sigprocmask, how, wanted, old);
}
int pthread_sigmask(int how, const sigset_t* wanted, sigset_t* old) {
  return without_segv(real_pthread_sigmask, how, wanted, old);
}

__attribute__((constructor)) static void start(void) {
  *(void**)&real_sigaction = dlsym(RTLD_NEXT, "sigaction");
  *(void**)&real_sigprocmask = dlsym(RTLD_NEXT, "sigprocmask");
  *(void**)&real_pthread_sigmask = dlsym(RTLD_NEXT, "pthread_sigmask");
  struct sigaction ours = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  if (real_sigaction(SIGSEGV, &ours, &others) != 0 || !cpuid_works(0)) {
    fputs("avx2.so: this kernel or processor cannot make CPUID fault (no cpuid_fault in /proc/cpuinfo)\n",
          stderr);
    _exit(1);
  }
}
