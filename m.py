import sys, glob, os, re
import numpy as np, soundfile as sf, scipy.signal as ss, librosa
def frames(x,n,h):
    if len(x)<n: x=np.pad(x,(0,n-len(x)))
    return np.lib.stride_tricks.sliding_window_view(x,n)[::h]
def measure(path):
    x,sr=sf.read(path,dtype='float64')
    if x.ndim>1: x=x[:,np.argmax(x.var(axis=0))]
    r={}
    n=len(x); H=round(sr/100); N=2*H
    r['ac']=x.var(); r['sec']=n/sr
    F=frames(x,N,H); lev=10*np.log10(F.var(axis=1)+1e-20)
    p95=np.percentile(lev,95)
    act=(lev>-50)&(lev>p95-30)
    r['act']=act.mean()
    idx=np.flatnonzero(act)
    if len(idx):
        r['lead']=idx[0]*.01; r['trail']=(len(act)-1-idx[-1])*.01
        d=np.diff(idx)-1; r['gap']=(d.max() if len(d) else 0)*.01
    else: r['lead']=r['trail']=len(act)*.01; r['gap']=0
    tail=x[-round(.04*sr):]
    r['end40']=10*np.log10(np.mean(tail**2)+1e-20)-p95
    full=np.abs(x)>=0.999
    runs=[len(s) for s in re.findall('1+',''.join('1' if f else '0' for f in full))]
    r['clip']=full.mean(); r['run']=max(runs,default=0)
    # spectrum
    n1=1024*sr//24000; S=frames(x,n1,n1//4); w=np.hanning(n1+1)[:-1]
    P=np.abs(np.fft.rfft(S*w))**2; e=P.sum(1); keep=e>e.max()*1e-4
    P=P[keep]; f=np.arange(P.shape[1])*sr/n1
    cent=(P*f).sum(1)/P.sum(1); r['cent_sd']=cent.std()
    fl=np.exp(np.log(P+1e-30).mean(1))/P.mean(1); r['flat']=fl.mean(); r['flat_med']=np.median(fl)
    z=(np.signbit(F[:,1:])!=np.signbit(F[:,:-1])).mean(1)
    r['zcr_sd']=z[act].std() if act.any() else 0
    nf=1
    mel=librosa.filters.mel(sr=sr,n_fft=N,n_mels=40,fmin=80,fmax=8000,norm=None,htk=True)
    M=np.abs(np.fft.rfft(F*np.hanning(N+1)[:-1]))**2@mel.T
    L=np.log10(M+1e-10)
    adj=act[1:]&act[:-1]
    r['mel_flux']=np.median(np.abs(np.diff(L,axis=0)).mean(1)[adj])*10 if adj.any() else 0
    env=np.sqrt(F.var(axis=1))
    def share(env):
        e=env-env.mean(); p=np.abs(np.fft.rfft(e*np.hanning(len(e)+2)[1:-1],1<<int(np.ceil(np.log2(max(len(e),1024))))))**2
        g=np.arange(len(p))*100/(2*(len(p)-1)); b=(g>=.3)&(g<=40)
        return p[b&(g>=2)&(g<=8)].sum()/max(p[b].sum(),1e-30)
    r['mod']=share(env)
    # hnr
    N4=round(.04*sr); A=frames(x,N4,H)[:len(act)]; A=A[act[:len(A)]]
    A=A-A.mean(1,keepdims=True)
    lo,hi=int(np.ceil(sr/450)),int(sr/60)
    nf=1<<int(np.ceil(np.log2(N4+hi)))
    ac=np.fft.irfft(np.abs(np.fft.rfft(A,nf))**2)[:,:hi+1] if len(A) else np.zeros((0,hi+1))
    c=np.cumsum(np.pad(A**2,((0,0),(1,0))),axis=1)
    lags=np.arange(lo,hi+1)
    den=np.sqrt((c[:,N4-lags])*(c[:,-1:]-c[:,lags]))+1e-20
    q=(ac[:,lo:hi+1]/den)
    r['hnr']=np.median(q.max(1)) if len(A) else 0
    den0=c[:,-1:]+1e-20
    r['hnr0']=np.median((ac[:,lo:hi+1]/den0).max(1)) if len(A) else 0
    # syllables
    G=np.abs(np.fft.rfft(F*np.hanning(N+1)[:-1]))**2; gf=np.arange(G.shape[1])*sr/N
    band=G[:,(gf>=300)&(gf<=3400)].sum(1)
    k=np.hanning(9)[1:-1]; k/=k.sum()
    sm=np.convolve(np.pad(np.sqrt(band),3,mode='edge'),k,'valid')
    db=20*np.log10(sm+1e-9)
    pk,_=ss.find_peaks(db,prominence=3,distance=8)
    pk=[p for p in pk if act[max(0,p-1):p+2].any()]
    r['syl']=len(pk)/max(act.sum()*.01,1e-9)
    # loop: normalised autocorrelation of log-mel (floored at -50 dB of max) minus mean over time
    Lm=10*np.log10(M+1e-10); top=np.percentile(Lm.max(1),95); Lm=np.maximum(Lm,top-40)
    Lm=Lm[::2]  # 20ms
    best=0;blag=0
    def rep(Lm,minlag=8):
        D=Lm-Lm.mean(0)
        best,bl=0,0
        for lag in range(minlag,len(D)//2+1):
            a,b=D[:-lag],D[lag:]
            v=(a*b).sum()/np.sqrt((a*a).sum()*(b*b).sum()+1e-20)
            if v>best: best,bl=v,lag
        return best,bl
    r['rep'],r['replag']=rep(Lm)
    v=[r['cent_sd']>400,r['zcr_sd']>.045,r['mel_flux']>2,r['mod']>.15,.5<r['hnr']<.985,1.5<=r['syl']<=9]
    r['votes']=sum(v)
    return r
if __name__=='__main__':
    lab={}
    import csv
    for row in csv.DictReader(open('/work/shared/real/wavs/labels.tsv'),delimiter='\t'): lab[row['file']]=row
    files=sys.argv[1:] or sorted(glob.glob('/work/shared/real/wavs/*.wav'),key=lambda p:lab[os.path.basename(p)]['label'])
    for p in files:
        r=measure(p); l=lab.get(os.path.basename(p),{'label':'?'})['label']
        ev=lab.get(os.path.basename(p),{}).get('evidence','')
        print(f"{l:12s} {os.path.basename(p)[:26]:26s} "+' '.join(f"{k}={v:.3g}" if abs(v)<1e4 else f"{k}={v:.0f}" for k,v in r.items()))
        m=re.findall(r'(active_ratio|inner_gap_s|lead_s|trail_s|end40_db|clipped_run)=([-0-9.]+)',ev)
        if '-v' in os.environ.get('O',''): print('     ',m)
